namespace NeuroDb.Tests.Crash;

/// <summary>
/// All damages of one image: flipped bits; lost, moved and foreign bytes and files.
/// </summary>
internal static class RotRun
{
    private const string LogName = "wal/log.0";
    private const int SectorSize = 512;
    private const int BlockSize = 4096;

    /// <summary>Runs them.</summary>
    /// <param name="isClosed">Whether the database was closed, or its process killed.</param>
    /// <param name="step">1 to flip every bit of what was written.</param>
    /// <param name="zeroStep">The same for the space ahead of the log.</param>
    public static RotCheck Run(bool isClosed, int step, int zeroStep)
    {
        DiskImage image = DiskImage.Make(isClosed);
        RotCheck check = RotCheck.Of(image);
        foreach (string name in image.Names)
        {
            int size = image[name].Length;
            int written = name == LogName
                ? (image[name].AsSpan().LastIndexOfAnyExcept((byte)0) / BlockSize + 1) * BlockSize
                : size;
            check.FlipBits(name, 0, written, step);
            check.FlipBits(name, written, size, zeroStep);
            int end = Math.Min(size, written + (2 * BlockSize));
            DamageBlocks(check, image, name, end, step == 1 ? SectorSize : 5 * SectorSize);
            DamageFile(check, image, name);
        }

        return check;
    }

    private static void DamageBlocks(
        RotCheck check, DiskImage image, string name, int end, int stride)
    {
        byte[] whole = image[name];
        for (int at = 0; at + SectorSize <= end; at += stride)
        {
            byte[] zeroed = [.. whole];
            zeroed.AsSpan(at, SectorSize).Clear();
            check.Try(image.With(name, zeroed), $"{name}: sector {at} zeroed");
            check.Try(image.With(name, whole[..at]), $"{name}: cut at {at}");

            // The neighbour's bytes, and the one block further on.
            foreach (int other in (int[])[at + SectorSize, at + BlockSize])
            {
                if (other + SectorSize <= end)
                {
                    byte[] doubled = [.. whole];
                    whole.AsSpan(other, SectorSize).CopyTo(doubled.AsSpan(at));
                    check.Try(image.With(name, doubled), $"{name}: {other} copied over {at}");
                    byte[] swapped = [.. doubled];
                    whole.AsSpan(at, SectorSize).CopyTo(swapped.AsSpan(other));
                    check.Try(image.With(name, swapped), $"{name}: {at} and {other} swapped");
                }
            }
        }
    }

    private static void DamageFile(RotCheck check, DiskImage image, string name)
    {
        byte[] whole = image[name];
        check.Try(image.With(name, null), $"{name} deleted", name == "LOCK");
        check.Try(image.With(name, []), $"{name} emptied");
        check.Try(image.With(name, [.. whole, 1]), $"{name} with a byte more");
        check.Try(image.With(name, [.. whole, .. whole]), $"{name} doubled");
        check.Try(image.With(name, [.. Enumerable.Repeat((byte)0xA5, 8192)]), $"{name} of A5");
        DiskImage older = DiskImage.Make(isClosed: true, isChanged: false);
        check.Try(image.With(name, older[name]), $"{name} of another database");
    }
}
