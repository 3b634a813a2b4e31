"""The arrows between drawlab's rooms: which folder may include which, and which library is included where."""

import pathlib
import re
import sys

import sources

# A file belongs to the first room whose pattern matches its path.
ROOMS = (
    ("sdk", r"core/include/drawlab/"),
    ("system", r"core/system/"),
    ("kernels", r"core/src/kernels/"),
    ("ops", r"core/src/ops/"),
    ("engine", r"core/src/"),
    ("model", r"core/model/"),
    ("configuration", r"core/configuration/"),
    ("training", r"core/training/"),
    ("host", r"core/host/"),
    ("conformance", r"core/conformance/"),
    ("pictures", r"results/pictures/"),
    ("reports", r"results/reports/"),
    ("results", r"results/"),
    ("data", r"runner/data/"),
    ("experiment", r"runner/experiment/"),
    ("exit_code", r"runner/exit_code\.[ch]pp"),
    ("worker", r"runner/worker/"),
    ("schedule", r"runner/schedule/"),
    ("commands", r"runner/commands/"),
    ("templates", r"runner/templates/"),
    ("main", r"runner/main\.cpp"),
    ("svhn_prepare", r"plugins/datasets/svhn/prepare/"),
    ("plugins", r"plugins/"),
)

# The rooms that a room may include besides itself.
RESULTS = {"results", "pictures", "reports"}
ABOVE_CORE = {"sdk", "system", "model", "configuration", "training", "host"}
MAY_INCLUDE = {
    "sdk": set(),
    "system": set(),
    "kernels": set(),
    "engine": {"sdk", "kernels"},
    "ops": {"sdk", "engine", "kernels"},
    "model": {"sdk", "ops"},
    "host": {"sdk", "system"},
    "configuration": {"sdk", "model", "host"},
    "training": {"sdk", "system", "engine", "model", "configuration", "host"},
    "conformance": {"sdk", "system", "engine", "host"},
    "results": {"system"},
    "pictures": {"system", "results"},
    "reports": {"system", "results", "pictures"},
    "data": ABOVE_CORE | RESULTS,
    "experiment": ABOVE_CORE | RESULTS | {"data"},
    "exit_code": ABOVE_CORE | RESULTS | {"data", "experiment"},
    "worker": ABOVE_CORE | RESULTS | {"data", "experiment", "exit_code"},
    "schedule": ABOVE_CORE | RESULTS | {"data", "experiment", "exit_code", "worker"},
    "commands": ABOVE_CORE | RESULTS | {"conformance", "data", "experiment", "exit_code", "worker", "schedule"},
    "main": {"sdk", "system", "exit_code", "commands"},
    "templates": {"sdk"},
    "plugins": {"sdk"},
    "svhn_prepare": {"sdk", "system", "plugins"},
}

# Single headers that a room may include from a room otherwise closed to it: values without behaviour.
VALUES = {f"core/include/drawlab/{name}.hpp" for name in ("config", "dataset", "diagnostics", "error", "shape", "version")}
VALUES |= {f"core/configuration/{name}.hpp" for name in ("recorded_configuration", "task")}
VALUES |= {"core/model/drawing.hpp", "core/training/metric.hpp"}
EXCEPTIONS = {
    "system": {"core/include/drawlab/error.hpp"},
    "kernels": {"core/include/drawlab/error.hpp", "core/include/drawlab/into.hpp", "core/include/drawlab/random.hpp",
                "core/src/aligned_buffer.hpp"},
    "model": {"core/src/engine.hpp"},  # attributes time to the parts of a step
    "conformance": {"core/model/drawing.hpp"},
    "results": VALUES,
    "pictures": VALUES,
    "reports": VALUES,
}

# The files that may include a library's headers.
LIBRARIES = (
    (r"(oneapi/dnnl/)?dnnl.*", r"core/src/kernels/"),
    (r"omp\.h", r"core/src/kernels/"),
    (r"hwy/.*", r"core/src/kernels/|plugins/read_write/gaussian/"),
    (r"tbb/.*", r"core/training/workers\.cpp"),
    (r"boost/dll.*", r"core/host/"),
    (r"boost/program_options.*", r"runner/commands/"),
    (r"boost/.*", r"core/host/|runner/commands/"),
    (r"yaml-cpp/.*", r"runner/experiment/experiment_file\.cpp"),
    (r"sqlite3\.h|SQLiteCpp/.*", r"results/"),
    (r"png\.h", r"results/pictures/|plugins/datasets/svhn/prepare/"),
    (r"webp/.*|gif_lib\.h", r"results/pictures/"),
    (r"kainjow/.*", r"results/reports/"),
    (r"openssl/.*", r"core/system/"),
    (r"curl/.*", r"runner/data/download\.cpp"),
    (r"archive(_entry)?\.h", r"runner/data/unpack\.cpp"),
    (r"hdf5\.h|matio\.h", r"plugins/datasets/svhn/prepare/"),
)
# Libraries that one file alone includes.
ONE_FILE = (r"boost/program_options.*",)


def room_of(path):
    return next(room for room, pattern in ROOMS if re.match(pattern, str(path)))


def arrow_is_allowed(source, target):
    """Whether one product file may include another."""
    here, there = room_of(source), room_of(target)
    if here == "plugins" and there == "plugins":  # its own folder, or the headers that all datasets share
        return target.parts[:3] == source.parts[:3] or (len(target.parts) == 3 and target.parts[:2] == source.parts[:2])
    return here == there or there in MAY_INCLUDE[here] or str(target) in EXCEPTIONS.get(here, ())


def library_is_allowed(source, name):
    return all(re.match(where, str(source)) for library, where in LIBRARIES if re.fullmatch(library, name))


def violations(root):
    """Each as `file:line: what is wrong`."""
    root = pathlib.Path(root)
    files = sources.product_files(root)
    by_name = {str(file): file for file in files}
    found, included, users = [], set(), {}
    for source in files:
        for line, name, quoted in sources.includes(root / source):
            target = sources.resolve(by_name, source, name)
            if target is None:
                if quoted:
                    found.append(f'{source}:{line}: "{name}" is no file of the product')
                elif not library_is_allowed(source, name):
                    found.append(f"{source}:{line}: <{name}> is not included in this room")
                for library in ONE_FILE:
                    if re.fullmatch(library, name):
                        users.setdefault(library, []).append(f"{source}:{line}")
                continue
            if target != source:
                included.add(target)
            if not arrow_is_allowed(source, target):
                found.append(f"{source}:{line}: {room_of(source)} may not include {target}")
    for library, places in users.items():
        found += [f"{place}: <{library}> is included in {places[0]} already" for place in places[1:]]
    # The SDK's headers are for plugins outside this tree too.
    found += [f"{path}:1: nothing includes this header" for path in files
              if path.suffix == ".hpp" and path not in included and room_of(path) != "sdk"]
    found += sources_without_header(root, files)
    return found


def sources_without_header(root, files):
    """Sources that have neither a header of their name nor a reason. A reason is a line in their folder's README with
    the words `no header of its own` or `no headers of their own`; it counts for the sources that it names, or for all.
    A program's main and a plugin's descriptor are called from outside and need none."""
    known = set(files)
    for path in files:
        if path.suffix != ".cpp" or path.with_suffix(".hpp") in known:
            continue
        if re.search(r"^(int main\(|DRAWLAB_PLUGIN\()", (root / path).read_text(encoding="utf-8"), re.MULTILINE):
            continue
        if pathlib.Path("core/include/drawlab", path.stem + ".hpp") in known and room_of(path) == "engine":
            continue
        page = root / path.parent / "README.md"
        reasons = [line for line in page.read_text(encoding="utf-8").splitlines()
                   if re.search(r"no headers? of (its|their) own", line)] if page.exists() else []
        if not any(f"`{path.name}`" in line or not re.search(r"`[\w*]+\.cpp`", line) for line in reasons):
            yield f"{path}:1: has no header of its name, and README.md beside it does not say why"


if __name__ == "__main__":
    problems = violations(sys.argv[1])
    print("\n".join(problems))
    sys.exit(bool(problems))
