"""dlviz as one ASGI application: `streamlit run app.py`, `python app.py`, or `uvicorn app:app`."""

import streamlit as st

from dlviz.ui.serving import MIDDLEWARE, ROUTES, lifespan

app = st.App("dlviz/ui/main.py", lifespan=lifespan, routes=ROUTES, middleware=MIDDLEWARE)

if __name__ == "__main__":
    app.run()
