# What `cmake --install` gives: the two programs, and for programs of others the verifier as a CMake package.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)
set(PACKAGE_DIRECTORY ${CMAKE_INSTALL_LIBDIR}/cmake/PilotLedger)
set(HEADER_DIRECTORY ${CMAKE_INSTALL_INCLUDEDIR}/pilotledger)

install(TARGETS pilotledger pilotledger-verify RUNTIME)
foreach(part schema events crypto proof options)
  set_target_properties(pilotledger_${part} PROPERTIES EXPORT_NAME ${part})
endforeach()
install(TARGETS pilotledger_proof pilotledger_crypto pilotledger_events pilotledger_schema pilotledger_options
  EXPORT PilotLedgerTargets ARCHIVE INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} ${HEADER_DIRECTORY})
install(EXPORT PilotLedgerTargets NAMESPACE PilotLedger:: DESTINATION ${PACKAGE_DIRECTORY})
# Only headers that need none of the libraries we link.
install(FILES events/base/bytes.h events/base/result.h DESTINATION ${HEADER_DIRECTORY}/events/base)
install(FILES ledger/crypto/encoding.h ledger/crypto/key.h ledger/crypto/suite.h ledger/crypto/timestamp.h DESTINATION ${HEADER_DIRECTORY}/ledger/crypto)
install(DIRECTORY ledger/proof ledger/tlog DESTINATION ${HEADER_DIRECTORY}/ledger FILES_MATCHING PATTERN "*.h")
install(FILES ledger/state/entity_record.h ledger/state/state_map.h ledger/state/trail.h
  DESTINATION ${HEADER_DIRECTORY}/ledger/state)

configure_package_config_file(ledger/proof/PilotLedgerConfig.cmake.in ${PROJECT_BINARY_DIR}/PilotLedgerConfig.cmake
  INSTALL_DESTINATION ${PACKAGE_DIRECTORY})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/PilotLedgerConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/PilotLedgerConfig.cmake ${PROJECT_BINARY_DIR}/PilotLedgerConfigVersion.cmake
  DESTINATION ${PACKAGE_DIRECTORY})
