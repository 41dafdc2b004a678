"""The only room that imports streamlit: pages, their state, and the components' stubs."""
