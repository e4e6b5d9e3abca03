using System.Buffers.Binary;

namespace NeuroDb.Neural;

/// <summary>
/// The saved form of a <see cref="HashingTextEncoder"/>, little-endian: magic, version, options,
/// text count, step size, bucket steps, CRC32C of all before it.
/// </summary>
internal static class HashingTextEncoderFormat
{
    private const uint Magic = 0x4354_534E;
    private const int Version = 1;
    private const int HeaderSizeBytes = 56;
    private const int ChecksumSizeBytes = 4;
    private const string Source = "state of a text encoder";

    /// <summary>The saved form.</summary>
    public static byte[] Write(HashingTextEncoder encoder)
    {
        HashingTextEncoderOptions options = encoder.Options;
        FeatureWeights weights = encoder.Weights;
        int stepCount = weights.StepSize == 0 ? 0 : weights.Steps.Length;
        var state = new byte[HeaderSizeBytes + stepCount + ChecksumSizeBytes];
        Span<byte> span = state;
        BinaryPrimitives.WriteUInt32LittleEndian(span, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(span[4..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(span[8..], options.Dimension);
        BinaryPrimitives.WriteInt32LittleEndian(span[12..], options.BucketBitCount);
        BinaryPrimitives.WriteInt32LittleEndian(span[16..], options.SpreadCount);
        BinaryPrimitives.WriteInt32LittleEndian(span[20..], options.GramLengthMin);
        BinaryPrimitives.WriteInt32LittleEndian(span[24..], options.GramLengthMax);
        BinaryPrimitives.WriteSingleLittleEndian(span[28..], options.GramWeight);
        BinaryPrimitives.WriteSingleLittleEndian(span[32..], options.PairWeight);
        BinaryPrimitives.WriteInt32LittleEndian(span[36..], options.Stem ? 1 : 0);
        BinaryPrimitives.WriteInt64LittleEndian(span[40..], weights.TextCount);
        BinaryPrimitives.WriteSingleLittleEndian(span[48..], weights.StepSize);
        BinaryPrimitives.WriteInt32LittleEndian(span[52..], stepCount);
        weights.Steps[..stepCount].CopyTo(span[HeaderSizeBytes..]);
        uint checksum = Crc32C.Compute(span[..^ChecksumSizeBytes]);
        BinaryPrimitives.WriteUInt32LittleEndian(span[^ChecksumSizeBytes..], checksum);
        return state;
    }

    /// <summary>The encoder of a saved form; every value is checked before it is used.</summary>
    public static HashingTextEncoder Read(ReadOnlySpan<byte> state)
    {
        Check(state.Length >= HeaderSizeBytes + ChecksumSizeBytes, 0, "it is too short");
        Check(BinaryPrimitives.ReadUInt32LittleEndian(state) == Magic, 0, "no magic number");
        CheckVersion(BinaryPrimitives.ReadInt32LittleEndian(state[4..]));
        int checksumOffset = state.Length - ChecksumSizeBytes;
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(state[checksumOffset..]);
        Check(
            Crc32C.Compute(state[..checksumOffset]) == checksum,
            checksumOffset, "the checksum differs");

        HashingTextEncoderOptions options = ReadOptions(state);
        long textCount = BinaryPrimitives.ReadInt64LittleEndian(state[40..]);
        Check(textCount >= 0, 40, "the number of texts is negative");
        float stepSize = BinaryPrimitives.ReadSingleLittleEndian(state[48..]);
        Check(stepSize is >= 0 and < 1, 48, "the step size is out of range");
        int stepCount = BinaryPrimitives.ReadInt32LittleEndian(state[52..]);
        int expected = stepSize == 0 ? 0 : 1 << options.BucketBitCount;
        Check(
            stepCount == expected && HeaderSizeBytes + stepCount == checksumOffset,
            52, "the number of buckets does not fit the size");
        byte[] steps = stepCount == 0 ? new byte[1] : state[HeaderSizeBytes..^4].ToArray();
        return new HashingTextEncoder(options, new FeatureWeights(steps, stepSize, textCount));
    }

    private static HashingTextEncoderOptions ReadOptions(ReadOnlySpan<byte> state)
    {
        int stem = BinaryPrimitives.ReadInt32LittleEndian(state[36..]);
        Check(stem is 0 or 1, 36, "the stemming flag is neither 0 nor 1");
        var options = new HashingTextEncoderOptions
        {
            Dimension = BinaryPrimitives.ReadInt32LittleEndian(state[8..]),
            BucketBitCount = BinaryPrimitives.ReadInt32LittleEndian(state[12..]),
            SpreadCount = BinaryPrimitives.ReadInt32LittleEndian(state[16..]),
            GramLengthMin = BinaryPrimitives.ReadInt32LittleEndian(state[20..]),
            GramLengthMax = BinaryPrimitives.ReadInt32LittleEndian(state[24..]),
            GramWeight = BinaryPrimitives.ReadSingleLittleEndian(state[28..]),
            PairWeight = BinaryPrimitives.ReadSingleLittleEndian(state[32..]),
            Stem = stem == 1,
        };
        try
        {
            options.Validate();
        }
        catch (NeuroStoreException error)
        {
            throw new CorruptionException(Source, 8, error.Message);
        }

        return options;
    }

    private static void CheckVersion(int version)
    {
        Check(version >= 1, 4, "the version is not positive");
        if (version > Version)
        {
            throw new NeuroStoreException(
                ErrorCode.NewerFormat,
                $"The text encoder was saved in format {version}, this version of NeuroStore "
                + $"reads up to {Version}; use a newer NeuroStore or fit the encoder again.");
        }
    }

    private static void Check(bool holds, long offset, string detail)
    {
        if (!holds)
        {
            throw new CorruptionException(Source, offset, detail);
        }
    }
}
