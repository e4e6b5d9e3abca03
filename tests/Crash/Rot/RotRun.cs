using NeuroDb.Tests.Simulation;

namespace NeuroDb.Tests.Crash;

/// <summary>
/// The damages of one image, over all files whatever their names: every bit flipped, or random
/// faults: lost, moved, old and foreign bytes and files.
/// </summary>
internal sealed class RotRun
{
    private const int SectorSize = 512;
    private const int KindCount = 14;
    private readonly DiskImage _image;
    private readonly DiskImage _older;
    private readonly DiskImage _foreign;

    /// <summary>Makes the image.</summary>
    /// <param name="form">In which state.</param>
    /// <param name="isEncrypted">Whether it has a key.</param>
    /// <param name="isLarge">Whether it is larger than 1 MiB.</param>
    /// <param name="hasMore">Whether it keeps its past, and its large table an index.</param>
    public RotRun(SampleForm form, bool isEncrypted, bool isLarge, bool hasMore)
    {
        _older = DiskImage.Make(SampleForm.Older, isEncrypted, isLarge, hasMore);
        _foreign = DiskImage.Make(SampleForm.Foreign, isEncrypted, isLarge, hasMore);
        _image = DiskImage.Make(form, isEncrypted, isLarge, hasMore);
        Check = RotCheck.Of(_image, isLarge);
        Bits = new BitRun(_image, Check);
    }

    /// <summary>Flips bits.</summary>
    public BitRun Bits { get; }

    /// <summary>What was found.</summary>
    public RotCheck Check { get; }

    /// <summary>The names of the files.</summary>
    public IReadOnlyList<string> Names => _image.Names;

    /// <summary>The bytes of the image.</summary>
    public long SizeBytes => _image.SizeBytes;

    /// <summary>Tries random faults.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">Of the first; each has a seed of its own.</param>
    public void TryFaults(int count, ulong seed) => Parallel.For(0, count, i =>
    {
        var random = new SeededRandomSource(Hash64.Mix(seed + (ulong)i));
        (DiskImage damaged, string what) = Damage(random);
        Check.Try(damaged, $"fault {seed + (ulong)i}: {what}");
    });

    private (DiskImage Damaged, string What) Damage(SeededRandomSource random)
    {
        string name = random.Of(_image.Names);
        int kind = random.Below(KindCount);
        return kind < 8
            ? (_image.With(name, bytes => DamageBytes(bytes, name, kind, random)),
                $"{name}, damage {kind}")
            : DamageFile(name, kind, random);
    }

    private void DamageBytes(PagedBytes bytes, string name, int kind, SeededRandomSource random)
    {
        long sectors = Math.Max(1, bytes.Length / SectorSize);
        int length = (int)Math.Min(
            bytes.Length, SectorSize * (long)(random.OneIn(3) ? 1 + random.Below(16) : 1));
        long at = SectorSize * (long)random.Below((int)sectors);
        long other = SectorSize * (long)random.Below((int)sectors);
        length = (int)Math.Min(length, bytes.Length - Math.Max(at, other));
        switch (kind)
        {
            case 0:
                bytes.Write(at, new byte[length]);
                break;
            case 1:
                bytes.Write(at, Noise(length, random));
                break;
            case 2:
                bytes.Write(at, Part(bytes, other, length));
                break;
            case 3:
                byte[] here = Part(bytes, at, length);
                bytes.Write(at, Part(bytes, other, length));
                bytes.Write(other, here);
                break;
            case 4:
                bytes.SetLength(random.OneIn(2) ? at : random.Below((int)bytes.Length + 1));
                break;
            case 5:
                bytes.Write(bytes.Length, random.OneIn(2) ? new byte[length] : Noise(9, random));
                break;
            case 6:
                DiskImage source = random.OneIn(2) ? _older : _foreign;
                string from = source.Has(name) ? name : random.Of(source.Names);
                bytes.Write(at, Part(source[from], at, length));
                break;
            default:
                PagedBytes victim = _image[random.Of(_image.Names)];
                bytes.Write(at, Part(victim, other, length));
                break;
        }
    }

    private (DiskImage Damaged, string What) DamageFile(
        string name, int kind, SeededRandomSource random)
    {
        string second = random.Of(_image.Names);
        switch (kind)
        {
            case 8:
                return (_image.Without(name), $"{name} deleted");
            case 9 when _older.Has(name):
                return (_image.With(name, _older[name]), $"{name} of an older time");
            case 10 when _foreign.Has(name):
                return (_image.With(name, _foreign[name]), $"{name} of another database");
            case 11:
                return (_image.With(name, _image[second]), $"{name} replaced by {second}");
            case 12:
                return (
                    _image.With(name, _image[second]).With(second, _image[name]),
                    $"{name} and {second} swapped");
            default:
                long bit = random.Below((int)Math.Max(1, 8 * _image[name].Length));
                return (_image.WithFlippedBit(name, bit), $"{name} bit {bit}");
        }
    }

    private static byte[] Part(PagedBytes bytes, long offset, int length)
    {
        var part = new byte[length];
        bytes.Read(offset, part);
        return part;
    }

    private static byte[] Noise(int length, SeededRandomSource random)
    {
        var noise = new byte[length];
        for (int i = 0; i < length; i++)
        {
            noise[i] = (byte)random.NextUInt64();
        }

        return noise;
    }
}
