this is a lock of an editor {
