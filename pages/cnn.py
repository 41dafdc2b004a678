from dlviz.labs.cnn import LAB
from dlviz.ui.page import show

show(LAB)
