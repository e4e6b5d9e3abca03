using System.Runtime.InteropServices;

namespace NeuroDb.Neural;

/// <summary>
/// Decodes FLAC and OGG by libsndfile, which is looked for when the first of them comes and is no
/// part of NeuroStore. It reads from memory through callbacks, so it opens no file.
/// </summary>
internal static unsafe class SoundFileDecoder
{
    private const string Library = "libsndfile.so.1";
    private const int ReadMode = 0x10;
    private const int BlockFrames = 4096;
    private const float SampleMax = 1 << 24;

    /// <summary>The sound of these bytes, whose header was read.</summary>
    public static DecodedAudio Decode(ReadOnlySpan<byte> bytes, AudioInfo header)
    {
        try
        {
            return DecodeNative(bytes, header);
        }
        catch (Exception error) when (
            error is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                "FLAC and OGG are decoded by libsndfile (libsndfile.so.1), which is not on this "
                + "machine. Install libsndfile1 (Debian, Ubuntu) or libsndfile, or store the "
                + "sound as WAV.",
                innerException: error);
        }
    }

    private static DecodedAudio DecodeNative(ReadOnlySpan<byte> bytes, AudioInfo header)
    {
        fixed (byte* start = bytes)
        {
            var source = new MemorySource { Start = start, Length = bytes.Length };
            SoundFileCallbacks callbacks = SoundFileCallbacks.Create();
            var info = default(SoundFileInfo);
            nint file = Open(&callbacks, ReadMode, &info, &source);
            if (file == 0)
            {
                throw NeuralErrors.MalformedAudio($"libsndfile refuses the {header.Format}");
            }

            try
            {
                long frames = info.Frames is > 0 and < long.MaxValue ? info.Frames : -1;
                new AudioInfo(header.Format, "", info.Rate, info.Channels, frames).Check();
                return new DecodedAudio(info.Rate, ReadAll(file, info.Channels, frames));
            }
            finally
            {
                _ = Close(file);
            }
        }
    }

    /// <summary>
    /// Room grows with what was decoded, because a header may say more than there is.
    /// </summary>
    private static ReadOnlyMemory<float> ReadAll(nint file, int channels, long frames)
    {
        var block = new float[BlockFrames * channels];
        var samples = new float[Math.Clamp(frames, 1, 1 << 16)];
        int count = 0;
        while (true)
        {
            long read;
            fixed (float* target = block)
            {
                read = ReadFrames(file, target, BlockFrames);
            }

            if (read <= 0)
            {
                break;
            }

            if (count + read > Limits.AudioSamplesMax)
            {
                throw NeuralErrors.MalformedAudio(
                    $"it has more than {Limits.AudioSamplesMax} samples");
            }

            if (count + read > samples.Length)
            {
                Array.Resize(
                    ref samples,
                    (int)Math.Min(Math.Max(samples.Length * 2L, count + read),
                        Limits.AudioSamplesMax));
            }

            for (int i = 0; i < read; i++)
            {
                float sum = 0;
                for (int channel = 0; channel < channels; channel++)
                {
                    sum += block[(i * channels) + channel];
                }

                samples[count++] = Math.Abs(sum) <= SampleMax ? sum / channels : 0;
            }
        }

        return count > 0
            ? samples.AsMemory(0, count)
            : throw NeuralErrors.MalformedAudio("it has no samples");
    }

    [DllImport(Library, EntryPoint = "sf_open_virtual")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Open(
        SoundFileCallbacks* callbacks, int mode, SoundFileInfo* info, MemorySource* source);

    [DllImport(Library, EntryPoint = "sf_readf_float")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern long ReadFrames(nint file, float* target, long frames);

    [DllImport(Library, EntryPoint = "sf_close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(nint file);
}
