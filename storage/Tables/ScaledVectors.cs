using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>
/// The rows of a <see cref="FloatVectorStore"/> as signed bytes times one scale, with what bounds
/// the error of every distance that is computed from them. Derived data, made for rows that do not
/// change any more and gone with their store.
/// </summary>
/// <remarks>
/// With y the nearest multiple of the scale to each element of a row x, and of the query p to q,
/// the triangle inequality gives, in any norm, | |x - q| - |y - p| | at most |x - y| + |q - p|, and
/// the inequality of Cauchy and Schwarz |x q - y p| at most |q| |x - y| + |y| |q - p|. Scales are
/// powers of the fourth root of 2, so that chunks of like data share one.
/// </remarks>
internal sealed class ScaledVectors
{
    private const int StepsPerOctave = 4;
    private const int FailuresMin = 4;
    private const int UsesOverFailures = 4;
    private readonly Memory<sbyte> _rows;
    private int _uses;
    private int _failures;

    private ScaledVectors(float scale, Memory<sbyte> rows, int stride)
    {
        Scale = scale;
        _rows = rows;
        Stride = stride;
    }

    /// <summary>What a unit of the bytes stands for.</summary>
    public float Scale { get; }

    /// <summary>Bytes from one row to the next.</summary>
    public int Stride { get; }

    /// <summary>The rows.</summary>
    public ReadOnlyMemory<sbyte> Rows => _rows;

    /// <summary>The largest Euclidean distance of a row from what stands for it.</summary>
    public double ErrorMax { get; private set; }

    /// <summary>The largest Manhattan distance of a row from what stands for it.</summary>
    public double AbsoluteErrorMax { get; private set; }

    /// <summary>The largest Euclidean error by the length of its row, but for zero rows.</summary>
    public double RelativeErrorMax { get; private set; }

    /// <summary>The largest Euclidean length of what stands for a row.</summary>
    public double NormMax { get; private set; }

    /// <summary>Whether searches were so often not certain that they are not worth it.</summary>
    public bool IsPoor => Volatile.Read(ref _failures) is >= FailuresMin and var failures
        && failures * UsesOverFailures > Volatile.Read(ref _uses);

    /// <summary>Counts a search and whether its answer was certain.</summary>
    public void NoteUse(bool isCertain)
    {
        Interlocked.Increment(ref _uses);
        if (!isCertain)
        {
            Interlocked.Increment(ref _failures);
        }
    }

    /// <summary>Makes the bytes of the first rows; null where no scale would do.</summary>
    public static ScaledVectors? Of(FloatVectorStore store, int count)
    {
        float scale = ScaleOf(store, count);
        if (!float.IsNormal(scale) || !float.IsNormal(1 / scale))
        {
            return null;
        }

        int dimension = store.Dimension;
        int stride = VectorColumnStore.CompactStrideOf(dimension);
        Memory<byte> bytes = LargePages.Allocate<byte>(checked(count * stride));
        bytes.Span.Clear();
        var scaled = new ScaledVectors(
            scale, new ElementMemory<sbyte>(bytes).Memory, stride);
        Span<sbyte> rows = MemoryMarshal.Cast<byte, sbyte>(bytes.Span);
        for (int row = 0; row < count; row++)
        {
            scaled.Note(store.RowAt(row), rows.Slice(row * stride, dimension));
        }

        return scaled;
    }

    /// <summary>Rounds a vector to bytes of a scale; gives its errors.</summary>
    public static (double Euclidean, double Absolute) Round(
        float scale, ReadOnlySpan<float> vector, Span<sbyte> bytes)
    {
        float inverse = 1 / scale;
        double squares = 0;
        double sum = 0;
        for (int i = 0; i < vector.Length; i++)
        {
            float whole = Math.Clamp(
                MathF.Round(vector[i] * inverse), -sbyte.MaxValue, sbyte.MaxValue);
            bytes[i] = (sbyte)whole;
            double error = vector[i] - ((double)whole * scale);
            squares += error * error;
            sum += Math.Abs(error);
        }

        return (Math.Sqrt(squares), sum);
    }

    private static float ScaleOf(FloatVectorStore store, int count)
    {
        float largest = 0;
        for (int row = 0; row < count; row++)
        {
            foreach (float element in store.RowAt(row))
            {
                largest = MathF.Max(largest, MathF.Abs(element));
            }
        }

        double step = Math.Ceiling(StepsPerOctave * Math.Log2(largest / sbyte.MaxValue));
        return (float)Math.Pow(2, step / StepsPerOctave);
    }

    private void Note(ReadOnlySpan<float> row, Span<sbyte> bytes)
    {
        (double error, double absolute) = Round(Scale, row, bytes);
        double squares = 0;
        double rounded = 0;
        for (int i = 0; i < row.Length; i++)
        {
            squares += (double)row[i] * row[i];
            rounded += (double)bytes[i] * bytes[i];
        }

        ErrorMax = Math.Max(ErrorMax, error);
        AbsoluteErrorMax = Math.Max(AbsoluteErrorMax, absolute);
        NormMax = Math.Max(NormMax, Math.Sqrt(rounded) * Scale);
        if (squares > 0)
        {
            RelativeErrorMax = Math.Max(RelativeErrorMax, error / Math.Sqrt(squares));
        }
    }
}
