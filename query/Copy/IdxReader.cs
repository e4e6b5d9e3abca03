using System.IO.Compression;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Reads a file of images of one size, and the labels from the file beside it; either may be
/// compressed by gzip. An image is stored as PGM or PPM; in a column of vectors as its numbers from
/// 0 to 255, row after row.
/// </summary>
internal sealed class IdxReader : CopyRowReader
{
    private const long FileSizeBytesMax = 1L << 31;

    private readonly FileColumns _columns;
    private readonly IdxFile _images;
    private readonly IdxFile? _labels;
    private readonly int _channels;
    private readonly int _sizeBytes;
    private int _row;

    /// <summary>Begins: reads the files and chooses the columns.</summary>
    public IdxReader(
        CopyFiles files,
        string path,
        CopyOptions options,
        IReadOnlyList<ColumnSchema> columns)
    {
        _columns = new FileColumns(Path.GetFileName(path), columns, CopyFormat.Idx);
        _images = IdxFile.Read(Content(files, path));
        IReadOnlyList<int> shape = _images.Shape;
        _channels = shape.Count == 4 ? shape[3] : 1;
        if (shape.Count is not (3 or 4) || _channels is not (1 or 3)
            || shape.Any(length => length == 0))
        {
            throw _columns.Malformed(
                "a file of images has the axes images, rows, columns, and perhaps 1 or 3 "
                + $"channels; this one is ({string.Join(", ", shape)}).");
        }

        _sizeBytes = shape[1] * shape[2] * _channels;
        _labels = options.LabelsFile is null ? null
            : IdxFile.Read(Content(files, options.LabelsFile));
        if (_columns.HasLabels != _labels is not null)
        {
            throw _columns.Malformed(_columns.HasLabels
                ? "a column of labels needs the option LABELS with the file of labels."
                : "LABELS is given, but no column for labels.");
        }

        if (_labels is { } labels && (labels.Shape.Count != 1 || labels.Shape[0] != shape[0]))
        {
            throw _columns.Malformed(
                $"there are {shape[0]} images, and the file of labels is "
                + $"({string.Join(", ", labels.Shape)}).");
        }
    }

    /// <inheritdoc/>
    public override long Consumed => (long)_row * _sizeBytes;

    /// <inheritdoc/>
    public override long Length => _images.Data.Length;

    /// <inheritdoc/>
    public override CopiedRows? Next()
    {
        if (_row == _images.Shape[0])
        {
            return null;
        }

        long size = 0;
        while (_row < _images.Shape[0] && _columns.Count < Limits.BatchRowCount
            && size < BatchSizeBytesMax)
        {
            Value image = Encoded(_images.Data.Span.Slice(_row * _sizeBytes, _sizeBytes));
            Value label = _labels is { } labels
                ? Value.Of((long)labels.Data.Span[_row])
                : Value.Null;
            _row++;
            _columns.Add(_row, label, "", image);
            size += _sizeBytes;
        }

        return _columns.Take();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        // The files were closed when they were read.
    }

    private Value Encoded(ReadOnlySpan<byte> pixels)
    {
        DataType type = _columns.ContentType;
        if (!type.IsVector)
        {
            return Value.Of(
                PnmEncoder.Encode(_images.Shape[2], _images.Shape[1], _channels, pixels));
        }

        var numbers = new float[pixels.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = pixels[i];
        }

        VectorText.CheckDimension(numbers.Length, type.Length, default);
        return VectorConverter.OfNumbers(numbers, type.Kind, CastKind.Assignment, default);
    }

    private static ReadOnlyMemory<byte> Content(CopyFiles files, string path)
    {
        byte[] bytes = files.ReadAll(path);
        if (bytes is not [0x1F, 0x8B, ..])
        {
            return bytes;
        }

        try
        {
            using var unpacked = new MemoryStream();
            using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            var piece = new byte[64 * 1024];
            for (int length; (length = gzip.Read(piece)) > 0;)
            {
                LargeValue.CheckSize(unpacked.Length + length, FileSizeBytesMax);
                unpacked.Write(piece, 0, length);
            }

            return unpacked.ToArray();
        }
        catch (InvalidDataException error)
        {
            throw new NeuroStoreException(
                ErrorCode.MalformedFile,
                $"{Path.GetFileName(path)} is not a whole gzip file: {error.Message}",
                default,
                error);
        }
    }
}
