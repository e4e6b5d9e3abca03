using NeuroDb.Neural;

namespace NeuroDb.Tests.Crash;

/// <summary>
/// Everything that reads files of others. A target that needs a library is left out where the
/// library is not.
/// </summary>
internal sealed class FuzzTargets : IDisposable
{
    private const long Base = 2 << 20;
    private const long PerByte = 64;

    // The limits of an image are 2^26 pixels; four bytes each, and a copy of as much.
    private const long ImageMax = 8L << 26;

    private readonly string _folder = Directory.CreateTempSubdirectory("fuzz").FullName;
    private readonly NeuroStore _database = NeuroStore.OpenInMemory();

    /// <summary>Makes the tables that files are read into.</summary>
    public FuzzTargets()
    {
        _database.Execute(
            "CREATE TABLE v (w VECTOR); CREATE TABLE x (x DOUBLE PRECISION); "
            + "CREATE TABLE r (a INTEGER, b TEXT, c DOUBLE PRECISION, d TIMESTAMP); "
            + "CREATE TABLE p (l INTEGER, pic IMAGE)");
        All = [.. Decoders(), .. Models(), .. Copies()];
    }

    /// <summary>The targets.</summary>
    public IReadOnlyList<FuzzTarget> All { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _database.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static IEnumerable<FuzzTarget> Decoders()
    {
        byte[][] png =
        [
            FuzzSeeds.Png(0, 8, false), FuzzSeeds.Png(2, 8, true), FuzzSeeds.Png(3, 4, false),
            FuzzSeeds.Png(6, 16, false), FuzzSeeds.Png(0, 1, true),
        ];
        yield return Image("png", png) with { Mend = FuzzSeeds.MendPng };
        yield return Image(
            "bmp", FuzzSeeds.Bmp(1), FuzzSeeds.Bmp(4), FuzzSeeds.Bmp(8), FuzzSeeds.Bmp(24),
            FuzzSeeds.Bmp(32));
        yield return Image(
            "pnm", "P1 3 2 0 1 0 1 1 0"u8.ToArray(), "P2 2 2 255 1 2 3 4"u8.ToArray(),
            "P3 1 1 9 1 2 3"u8.ToArray(), [.. "P4 9 2\n"u8, 1, 2, 3, 4],
            [.. "P5 3 2 255\n"u8, 1, 2, 3, 4, 5, 6], [.. "P6 1 2 65535\n"u8, .. new byte[12]]);
        if (CanRead(() => ImageDecoder.Decode(FuzzSeeds.Kept("gray.jpg"))))
        {
            yield return Image("jpeg", FuzzSeeds.Kept("gray.jpg"), FuzzSeeds.Kept("colour.jpg"));
        }

        yield return Sound(
            "wav", FuzzSeeds.Wav(1, 8, 1), FuzzSeeds.Wav(1, 16, 2), FuzzSeeds.Wav(1, 24, 1),
            FuzzSeeds.Wav(1, 32, 3), FuzzSeeds.Wav(3, 32, 1), FuzzSeeds.Wav(3, 64, 2),
            FuzzSeeds.Wav(6, 8, 1), FuzzSeeds.Wav(7, 8, 2));
        if (CanRead(() => AudioDecoder.Decode(FuzzSeeds.Kept("stereo.flac"))))
        {
            // What a file may unpack to is bounded by the samples of a sound, not by its length.
            yield return Sound("flac", FuzzSeeds.Kept("stereo.flac")) with
            {
                Allowance = static _ => 16L * Limits.AudioSamplesMax,
            };
            yield return Sound(
                "ogg", FuzzSeeds.Kept("opus.ogg"), FuzzSeeds.Kept("vorbis.ogg")) with
            {
                Allowance = static _ => 16L * Limits.AudioSamplesMax,
            };
        }
    }

    private static IEnumerable<FuzzTarget> Models()
    {
        yield return new FuzzTarget(
            "onnx",
            FuzzSeeds.Models("onnx"),
            static file => OnnxImporter.Read(file),
            static file => Base + (PerByte * file.Length));
        yield return new FuzzTarget(
            "model",
            FuzzSeeds.Models("native"),
            static file => ModelFile.Read(file),
            static file => Base + (PerByte * file.Length)) { Mend = FuzzSeeds.MendModel };
    }

    private IEnumerable<FuzzTarget> Copies()
    {
        yield return Copy(
            "npy", "COPY v FROM '{0}' (FORMAT npy)",
            FuzzSeeds.Npy("<f4", 4, "3, 4", false), FuzzSeeds.Npy("<f8", 8, "3, 4", true),
            FuzzSeeds.Npy("|i1", 1, "6, 2", false));
        yield return Copy(
            "npy1", "COPY x FROM '{0}' (FORMAT npy)", FuzzSeeds.Npy("<i8", 8, "12,", false));
        yield return Copy(
            "safetensors", "COPY v FROM '{0}' (FORMAT safetensors, TENSOR 'w')",
            FuzzSeeds.Safetensors());
        yield return Copy(
            "fvecs", "COPY v FROM '{0}' (FORMAT fvecs)",
            [2, 0, 0, 0, .. new byte[8], 2, 0, 0, 0, .. new byte[8]]);
        yield return Copy(
            "idx", "COPY p (pic) FROM '{0}' (FORMAT idx)",
            [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8]);
        yield return Copy(
            "csv", "COPY r FROM '{0}' (FORMAT csv, HEADER true)",
            "a,b,c,d\n1,\"x \"\"y\"\"\",2.5,2024-01-02 03:04:05\n,\u4E2D,-1e9,\n"u8.ToArray());
        yield return Copy(
            "json", "COPY r FROM '{0}' (FORMAT json)",
            "{\"a\":1,\"b\":\"\\u4e2d \\ud83d\\ude00\",\"c\":2.5}\n{\"d\":\"2024-01-02\"}\n"u8
                .ToArray());
    }

    private FuzzTarget Copy(string name, string statement, params byte[][] seeds)
    {
        string path = Path.Combine(_folder, name);
        string sql = statement.Replace("{0}", path, StringComparison.Ordinal);
        return new FuzzTarget(
            name,
            seeds,
            file =>
            {
                File.WriteAllBytes(path, file);
                using Session session = _database.OpenSession();
                using Transaction transaction = session.BeginTransaction();
                session.Execute(sql);
                transaction.Rollback();
            },
            static file => (4 * Base) + (PerByte * file.Length)) { IsShared = true };
    }

    private static FuzzTarget Image(string name, params byte[][] seeds) => new(
        name,
        seeds,
        static file =>
        {
            var shape = new TensorShape(5, 5, 3);
            var small = new float[shape.Length];
            ImageResize.ToFloats(ImageDecoder.Decode(file), shape, small);
            ImageResize.ToFloats(ImageDecoder.Decode(file, shape), shape, small);
        },
        static file => Base + ImageMax);

    private static FuzzTarget Sound(string name, params byte[][] seeds)
    {
        var features = new LogMelFeatures(
            new AudioFrames(8000, 200, 80), new TensorShape(20, 10, 1));
        var image = new float[200];
        return new FuzzTarget(
            name,
            seeds,
            file =>
            {
                AudioDecoder.Verify(file);
                features.Fill(file, image);
                if (image.Any(number => !float.IsFinite(number)))
                {
                    throw new InvalidDataException("a picture of a sound is not finite");
                }
            },
            static file => Base + (PerByte * file.Length));
    }

    private static bool CanRead(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (NeuroStoreException error) when (error.Code == ErrorCode.NotSupported)
        {
            return false;
        }
    }
}
