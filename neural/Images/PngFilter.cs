using System.Numerics;
using System.Runtime.InteropServices;

namespace NeuroDb.Neural;

/// <summary>
/// Takes the filter of a row of a PNG back (ISO 15948, section 9): each byte is added to what its
/// neighbours to the left, above and in the corner between foretell.
/// </summary>
internal static class PngFilter
{
    /// <summary>Restores a row.</summary>
    /// <param name="filter">The number of the filter.</param>
    /// <param name="row">The row.</param>
    /// <param name="before">The row above, zeros above the first.</param>
    /// <param name="step">Bytes of a pixel, at least one.</param>
    public static void Undo(int filter, Span<byte> row, ReadOnlySpan<byte> before, int step)
    {
        switch (filter)
        {
            case 0:
                break;
            case 1:
                for (int i = step; i < row.Length; i++)
                {
                    row[i] += row[i - step];
                }

                break;
            case 2:
                AddAbove(row, before);
                break;
            case 3:
                AddMean(row, before, step);
                break;
            case 4:
                AddNearest(row, before, step);
                break;
            default:
                throw NeuralErrors.MalformedImage($"the PNG uses the filter {filter}");
        }
    }

    private static void AddAbove(Span<byte> row, ReadOnlySpan<byte> before)
    {
        Span<Vector<byte>> wide = MemoryMarshal.Cast<byte, Vector<byte>>(row);
        ReadOnlySpan<Vector<byte>> above =
            MemoryMarshal.Cast<byte, Vector<byte>>(before[..row.Length]);
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] += above[i];
        }

        for (int i = wide.Length * Vector<byte>.Count; i < row.Length; i++)
        {
            row[i] += before[i];
        }
    }

    private static void AddMean(Span<byte> row, ReadOnlySpan<byte> before, int step)
    {
        before = before[..row.Length];
        for (int i = 0; i < Math.Min(step, row.Length); i++)
        {
            row[i] += (byte)(before[i] / 2);
        }

        for (int i = step; i < row.Length; i++)
        {
            row[i] += (byte)((row[i - step] + before[i]) / 2);
        }
    }

    private static void AddNearest(Span<byte> row, ReadOnlySpan<byte> before, int step)
    {
        before = before[..row.Length];
        for (int i = 0; i < Math.Min(step, row.Length); i++)
        {
            row[i] += before[i];
        }

        for (int i = step; i < row.Length; i++)
        {
            int left = row[i - step];
            int above = before[i];
            int corner = before[i - step];
            int a = Math.Abs(above - corner);
            int b = Math.Abs(left - corner);
            int c = Math.Abs(left + above - (2 * corner));
            int nearest = b <= c ? above : corner;
            row[i] += (byte)(a <= b && a <= c ? left : nearest);
        }
    }
}
