namespace NeuroDb.Neural;

/// <summary>
/// Turns the bytes of a sound file into samples: WAV by our own decoder, FLAC and OGG by
/// libsndfile where that is installed.
/// </summary>
internal static class AudioDecoder
{
    /// <summary>The sound of these bytes, its channels mixed into one.</summary>
    public static DecodedAudio Decode(ReadOnlySpan<byte> bytes) =>
        FormatOf(bytes) == AudioFormat.Wav
            ? WavDecoder.Decode(bytes)
            : SoundFileDecoder.Decode(bytes, AudioInfo.Read(bytes));

    /// <summary>
    /// Raises an error unless the bytes can be decoded; of FLAC and OGG where no decoder is
    /// installed, only the header is read.
    /// </summary>
    public static void Verify(ReadOnlySpan<byte> bytes)
    {
        if (FormatOf(bytes) == AudioFormat.Wav)
        {
            WavDecoder.Verify(bytes);
            return;
        }

        AudioInfo info = AudioInfo.Read(bytes);
        try
        {
            SoundFileDecoder.Decode(bytes, info);
        }
        catch (NeuroStoreException error) when (error.Code == ErrorCode.NotSupported)
        {
            // A machine without the library still stores and hands back what it cannot hear.
        }
    }

    /// <summary>Whether the first bytes are those of a known format.</summary>
    public static bool IsAudio(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("RIFF"u8) || bytes.StartsWith("fLaC"u8) || bytes.StartsWith("OggS"u8);

    /// <summary>The format that the first bytes tell.</summary>
    public static AudioFormat FormatOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WAVE"u8))
        {
            return AudioFormat.Wav;
        }

        if (bytes.StartsWith("fLaC"u8))
        {
            return AudioFormat.Flac;
        }

        return bytes.StartsWith("OggS"u8)
            ? AudioFormat.Ogg
            : throw NeuralErrors.MalformedAudio("it begins as no known format does");
    }
}
