namespace NeuroDb;

/// <summary>
/// An open file, read and written at explicit offsets. All calls are safe from several threads.
/// Failures are <see cref="IOException"/>; the storage layer turns them into typed errors.
/// </summary>
internal interface IFile : IDisposable
{
    /// <summary>The path it was opened by.</summary>
    string Path { get; }

    /// <summary>The length in bytes.</summary>
    long Length { get; }

    /// <summary>Reads up to the end of the buffer or of the file.</summary>
    /// <returns>The bytes read; less than asked only at the end of the file.</returns>
    int Read(long offset, Span<byte> buffer);

    /// <summary>
    /// Writes all bytes; durable on return if the file was opened write-through, otherwise after
    /// <see cref="Flush"/>.
    /// </summary>
    void Write(long offset, ReadOnlySpan<byte> data);

    /// <summary>Makes all earlier writes durable.</summary>
    void Flush();

    /// <summary>Cuts or extends the file; new bytes are zero.</summary>
    void SetLength(long length);
}
