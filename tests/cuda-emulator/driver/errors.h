// The driver's error codes, by their names.
#pragma once

enum Result : int {
    Success = 0, InvalidValue = 1, OutOfMemory = 2, NotInitialized = 3, NoDevice = 100, InvalidDevice = 101, InvalidContext = 201, NoBinary = 209, InvalidPtx = 218,
    UnsupportedPtxVersion = 222, InvalidHandle = 400, NotFound = 500, NotReady = 600, IllegalAddress = 700, LaunchOutOfResources = 701, ContextIsDestroyed = 709,
    MisalignedAddress = 716, LaunchFailed = 719, NotSupported = 801
};

const char* errorName(int code);   // null where there is no such code
const char* errorText(int code);
bool isSticky(int code);           // the context answers nothing else any more
