from dlviz.labs.graph import LAB
from dlviz.ui.page import show

show(LAB)
