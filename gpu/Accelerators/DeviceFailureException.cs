namespace NeuroDb.Gpu;

/// <summary>
/// A device could not do what it was asked for, for example because its memory is full. Never seen
/// by users: the processor does the work instead, and a notice says so.
/// </summary>
internal sealed class DeviceFailureException(string message, Exception? innerException = null)
    : Exception(message, innerException);
