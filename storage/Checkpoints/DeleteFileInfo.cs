namespace NeuroDb.Storage;

/// <summary>What the manifest says about a delete-file.</summary>
/// <param name="Length">The length in bytes.</param>
/// <param name="Crc">The CRC-32C that the file ends with.</param>
/// <param name="DeadCount">The rows that it says are dead.</param>
internal readonly record struct DeleteFileInfo(long Length, uint Crc, long DeadCount);
