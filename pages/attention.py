from dlviz.labs.attention import LAB
from dlviz.ui.page import show

show(LAB)
