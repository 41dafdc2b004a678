from dlviz.labs.gan import LAB
from dlviz.ui.page import show

show(LAB)
