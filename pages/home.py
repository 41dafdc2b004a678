from dlviz.ui.home import show

show()
