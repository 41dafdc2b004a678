from dlviz.labs.autoencoder import LAB
from dlviz.ui.page import show

show(LAB)
