# Installs the document engine as a library of its own: `cmake --install BUILD --component engine --prefix PREFIX`, then
# find_package(bossey_crdt) and bossey::crdt. Only the headers that users need; the rest of crdt is internal.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(engine_headers
    base/bytes.hpp base/error.hpp
    crdt/delete_set.hpp crdt/doc.hpp crdt/events.hpp crdt/id.hpp crdt/insert_types.hpp crdt/relative_position.hpp
    crdt/snapshot.hpp
    crdt/state_vector.hpp crdt/types.hpp crdt/undo.hpp crdt/updates.hpp
    lib0/any.hpp lib0/json.hpp lib0/limits.hpp)

foreach(layer base lib0 crdt)
  set_target_properties(bossey_${layer} PROPERTIES EXPORT_NAME ${layer})
  target_compile_features(bossey_${layer} PUBLIC cxx_std_20)
  target_include_directories(bossey_${layer} INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/bossey>)
endforeach()
install(TARGETS bossey_base bossey_lib0 bossey_crdt EXPORT bossey_crdt-targets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT engine)
foreach(header ${engine_headers})
  get_filename_component(folder ${header} DIRECTORY)
  install(FILES protocol/${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/bossey/${folder} COMPONENT engine)
endforeach()

set(engine_package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/bossey_crdt)
install(EXPORT bossey_crdt-targets NAMESPACE bossey:: DESTINATION ${engine_package_folder} COMPONENT engine)
configure_package_config_file(cmake/bossey_crdt-config.cmake.in ${CMAKE_BINARY_DIR}/bossey_crdt-config.cmake
                              INSTALL_DESTINATION ${engine_package_folder})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/bossey_crdt-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/bossey_crdt-config.cmake ${CMAKE_BINARY_DIR}/bossey_crdt-config-version.cmake
        DESTINATION ${engine_package_folder} COMPONENT engine)
