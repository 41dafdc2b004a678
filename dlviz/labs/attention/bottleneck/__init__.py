"""An encoder–decoder with and without attention, trained side by side on sentences that grow longer."""
