extern "C" __attribute__((visibility("default"))) int drawlab_plugin() { return 1; }
