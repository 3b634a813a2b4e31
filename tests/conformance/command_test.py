"""`drawlab plugins check` as a plugin author meets it."""

import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "runner"))

from program import ProgramTest, main  # pylint: disable=wrong-import-position


def planted(name):
    return os.path.join(os.environ["DRAWLAB_PLANTED"], f"libdrawlab_{name}.so")


class PluginsCheck(ProgramTest):
    def test_a_sound_plugin_passes_by_its_path_and_by_its_name(self):
        for word in (planted("sound"), "gaussian", "digits"):
            check = self.drawlab("plugins", "check", word)
            self.assertNotIn("FAILED", check.out)
            self.assertRegex(check.out.splitlines()[-1], r"^\d+ checks: \d+ passed, 0 failed, \d+ skipped$")

    def test_a_failed_check_names_itself_the_input_and_the_numbers(self):
        check = self.drawlab("plugins", "check", planted("wrong_backward"), code=6)
        lines = check.out.splitlines()
        at = lines.index("  FAILED   read: gradients")
        self.assertRegex(lines[at + 1], r"image 1x7x9, 2 images: the gradient of the state at number \d+ is ")
        self.assertRegex(lines[-1], r"^\d+ checks: \d+ passed, 2 failed, \d+ skipped$")

    def test_a_plugin_that_ends_the_process_fails_the_check_under_way(self):
        check = self.drawlab("plugins", "check", planted("aborting"), code=6)
        self.assertEqual(check.out.splitlines()[-2:],
                         ["  FAILED   read: shapes", "           the plugin ended the process: signal 6 (Aborted)"])

    def test_a_plugin_that_ends_the_process_without_a_word_fails_it_too(self):
        check = self.drawlab("plugins", "check", planted("exiting"), code=6)
        self.assertEqual(check.out.splitlines()[-2:],
                         ["  FAILED   read: shapes", "           the plugin ended the process: exit code 0"])

    def test_a_plugin_that_ends_the_process_between_checks_fails_after_the_last_one(self):
        check = self.drawlab("plugins", "check", planted("aborting_options"), code=6)
        self.assertEqual(check.out.splitlines()[-3:],
                         ["  ok       handshake", "  FAILED   after handshake",
                          "           the plugin ended the process: signal 6 (Aborted)"])

    def test_what_is_left_out_is_told_below_the_check(self):
        lines = self.drawlab("plugins", "check", planted("grey_only")).out.splitlines()
        at = lines.index("  ok       read: shapes")
        self.assertEqual(lines[at + 1], "           left out: the defaults, image 3x9x7, 1 image: grey_only reads images "
                                        "of one channel, these have 3")

    def test_a_folder_of_a_plugins_name_does_not_hide_it(self):
        os.mkdir(self.path("digits"))
        self.assertIn("ok       handshake", self.drawlab("plugins", "check", "digits").out)

    def test_describe_says_what_a_plugin_is_where_it_comes_from_and_what_it_takes(self):
        described = self.drawlab("plugins", "describe", "cauchy").out
        self.assertRegex(described, r"^cauchy \d+\.\d+\.\d+\n  A movable grid of heavy-tailed filters\n")
        self.assertRegex(described, r"\n  reference: Gregor et al\. 2015.*\n  library: /.*/libdrawlab_cauchy\.so\n")
        self.assertRegex(described, r"\n  sha256: [0-9a-f]{64}\n")
        for half in ("read", "write"):
            self.assertIn(f"\noptions as {half}\n  size           filters along each side of the patch, N (by default 5; "
                          "whole number, 1..64)\n", described)
        self.assertNotIn("options as write", self.drawlab("plugins", "describe", "foveated").out)

    def test_describe_warns_root_of_a_library_that_others_may_write_to(self):
        if os.geteuid() != 0:
            self.skipTest("others are not warned")
        library = self.path("libdrawlab_sound.so")
        shutil.copy(planted("sound"), library)
        os.chmod(library, 0o664)
        described = self.drawlab("plugins", "describe", "sound", "--plugin-path", self.folder)
        self.assertIn(f"warning: {library}: its group may write here, and root runs this plugin", described.err)

    def test_a_word_that_experiment_files_take_for_something_else_is_no_plugins_name(self):
        for name in ("null", "true", "false", "first_available"):
            new = self.drawlab("new", "read_write", name, code=2)
            self.assertEqual(self.only_error(new), f"'{name}' is no plugin's name: in an experiment file it means "
                                                   "something else; choose another")

    def test_what_is_no_plugin_is_refused_in_a_sentence(self):
        self.write("libdrawlab_words.so", "not a library\n")
        self.assertIn("libdrawlab_words.so: not a shared library",
                      self.only_error(self.drawlab("plugins", "check", "libdrawlab_words.so", code=6)))
        self.assertIn("there is no such file",
                      self.only_error(self.drawlab("plugins", "check", "./libdrawlab_none.so", code=6)))
        self.assertIn("did you mean 'gaussian'?",
                      self.only_error(self.drawlab("plugins", "check", "gausian", code=6)))
        self.assertIn("the path of a plugin's library", self.drawlab("plugins", "check", code=2).err)

    def test_a_dataset_whose_files_are_absent_has_an_exit_code_of_its_own(self):
        check = self.drawlab("plugins", "check", "mnist", code=5)
        self.assertIn("drawlab data fetch mnist", check.err)


if __name__ == "__main__":
    main()
