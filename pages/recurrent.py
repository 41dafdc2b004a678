from dlviz.labs.recurrent import LAB
from dlviz.ui.page import show

show(LAB)
