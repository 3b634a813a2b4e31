# cmake -DFOLDER=<folder> -DOUTPUT=<file> -DHEADER=<header> -DFUNCTION=<function> -P embed_files.cmake
# Every file *.in below the folder as an EmbeddedFile {path below the folder, text}, sorted by path; the header declares both.
file(GLOB_RECURSE files RELATIVE "${FOLDER}" "${FOLDER}/*.in")
list(SORT files)
list(LENGTH files count)
set(text "#include \"${HEADER}\"\n\nnamespace drawlab::runner {\n\nstd::span<const EmbeddedFile> ${FUNCTION}() {\n")
string(APPEND text "  static constexpr EmbeddedFile kFiles[${count}] = {\n")
foreach(file IN LISTS files)
  file(READ "${FOLDER}/${file}" content)
  string(APPEND text "      {\"${file}\", R\"drawlab(${content})drawlab\"},\n")
endforeach()
string(APPEND text "  };\n  return kFiles;\n}\n\n}  // namespace drawlab::runner\n")
file(WRITE "${OUTPUT}" "${text}")
