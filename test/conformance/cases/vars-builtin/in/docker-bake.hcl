target "default" { args = { cmd = BAKE_CMD_CONTEXT, same = BAKE_LOCAL_PLATFORM == BAKE_LOCAL_PLATFORM } }
