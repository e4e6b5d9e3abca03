using System.Buffers;
using System.Buffers.Binary;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Rows of one operator on disk, block after block, each written once. Deleted when disposed. The
/// number of a block is its nonce: a key seals one file. One thread.
/// </summary>
internal sealed class SpillFile : IDisposable
{
    private readonly IFileSystem _files;
    private readonly IFile _file;
    private readonly SecretBytes? _key;
    private readonly GcmCipher? _cipher;
    private readonly DataType[] _types;
    private readonly ArrayBufferWriter<byte> _writer = new();
    private readonly RecordReader _reader;
    private bool _isDisposed;

    /// <summary>Takes an empty file, and the key to seal it with, if any.</summary>
    public SpillFile(
        IFileSystem files, IFile file, SecretBytes? key, IReadOnlyList<DataType> types)
    {
        _files = files;
        _file = file;
        _key = key;
        _cipher = key is null ? null : new GcmCipher(key);
        _types = [.. types];
        _reader = new RecordReader(file.Path);
    }

    /// <summary>The bytes written so far.</summary>
    public long LengthBytes { get; private set; }

    /// <summary>Writes rows.</summary>
    public SpillBlock Write(RowBatch batch)
    {
        Invariant.Check(batch.Columns.Length == _types.Length);
        _writer.ResetWrittenCount();
        for (int i = 0; i < _types.Length; i++)
        {
            ColumnStore store = ColumnStore.Create(_types[i]);
            store.Reserve(batch.Count);
            store.Write(0, batch.Columns[i], 0, batch.Count);
            store.Encode(_writer, 0, batch.Count);
        }

        ReadOnlySpan<byte> plain = _writer.WrittenSpan;
        byte[] bytes = plain.ToArray();
        if (_cipher is not null)
        {
            bytes = new byte[plain.Length + GcmCipher.TagSizeBytes];
            _cipher.Encrypt(
                NonceOf(LengthBytes),
                plain,
                bytes.AsSpan(0, plain.Length),
                bytes.AsSpan(plain.Length),
                default);
        }

        var block = new SpillBlock(
            LengthBytes,
            bytes.Length,
            batch.Count,
            [.. batch.Columns.Select(static column => column.LargeSource)]);
        _file.Write(LengthBytes, bytes);
        LengthBytes += bytes.Length;
        return block;
    }

    /// <summary>Reads rows back.</summary>
    public RowBatch Read(SpillBlock block)
    {
        var bytes = new byte[block.Length];
        int read = _file.Read(block.Offset, bytes);
        bool isWhole = read == bytes.Length;
        if (isWhole && _cipher is not null)
        {
            var plain = new byte[bytes.Length - GcmCipher.TagSizeBytes];
            isWhole = _cipher.TryDecrypt(
                NonceOf(block.Offset),
                bytes.AsSpan(0, plain.Length),
                bytes.AsSpan(plain.Length),
                plain,
                default);
            bytes = plain;
        }

        if (!isWhole)
        {
            throw new CorruptionException(
                _file.Path, block.Offset, "these temporary rows are not what was written");
        }

        _reader.Start(bytes, "temporary rows");
        var columns = new ColumnBuffer[_types.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            ColumnStore store = ColumnStore.Create(_types[i]);
            store.Reserve(block.RowCount);
            store.Decode(_reader, 0, block.RowCount);
            columns[i] = store.View(block.RowCount, block.Large[i]);
        }

        return new RowBatch(columns, block.RowCount);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _cipher?.Dispose();
        _key?.Dispose();
        _file.Dispose();
        _files.Delete(_file.Path);
    }

    // No two blocks begin at one offset.
    private static byte[] NonceOf(long offset)
    {
        var nonce = new byte[GcmCipher.NonceSizeBytes];
        BinaryPrimitives.WriteInt64LittleEndian(nonce, offset);
        return nonce;
    }
}
