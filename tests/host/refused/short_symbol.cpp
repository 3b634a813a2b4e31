extern "C" __attribute__((visibility("default"))) const int drawlab_plugin;
const int drawlab_plugin = 1;
