"""How tiles are arranged: kinds of layout, pages, dragging, windows of their own."""
