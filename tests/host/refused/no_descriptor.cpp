extern "C" __attribute__((visibility("default"))) int other_program_plugin() { return 1; }
