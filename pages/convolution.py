from dlviz.labs.convolution import LAB
from dlviz.ui.page import show

show(LAB)
