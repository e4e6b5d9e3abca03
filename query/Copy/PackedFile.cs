using System.IO.Compression;

namespace NeuroDb.Query;

/// <summary>
/// The content of a gzip file, unpacked while it is read from its beginning to its end. Does not
/// own the file.
/// </summary>
internal sealed class PackedFile : IDisposable
{
    private readonly IFile _file;
    private readonly GZipStream _stream;

    private PackedFile(IFile file)
    {
        _file = file;
        _stream = new GZipStream(new FileBytes(file), CompressionMode.Decompress);
    }

    /// <summary>The content, or null if the file is not packed.</summary>
    public static PackedFile? TryOpen(IFile file)
    {
        Span<byte> start = stackalloc byte[2];
        return file.Read(0, start) == start.Length && start is [0x1F, 0x8B]
            ? new PackedFile(file)
            : null;
    }

    /// <summary>Fills a span as far as there are bytes; gives how many there were.</summary>
    public int Read(Span<byte> bytes)
    {
        try
        {
            return _stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException error)
        {
            throw new NeuroStoreException(
                ErrorCode.MalformedFile,
                $"{Path.GetFileName(_file.Path)} is not a whole gzip file: {error.Message}",
                default,
                error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private sealed class FileBytes(IFile file) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => file.Length;

        public override long Position { get; set; }

        public override int Read(Span<byte> buffer)
        {
            int read = file.Read(Position, buffer);
            Position += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) =>
            Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
            // Nothing is written.
        }

        public override long Seek(long offset, SeekOrigin origin) =>
            throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) =>
            throw new NotSupportedException();
    }
}
