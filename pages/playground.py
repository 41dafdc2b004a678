from dlviz.labs.playground import LAB
from dlviz.ui.page import show

show(LAB)
