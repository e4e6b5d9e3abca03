using System.Text;

namespace NeuroDb.Storage;

/// <summary>
/// The encoding of text in files: UTF-8 that refuses what it cannot hold, because a replacement
/// character would be a silent change of data.
/// </summary>
internal static class TextEncoding
{
    /// <summary>UTF-8 that throws on unpaired surrogates and bad bytes.</summary>
    public static UTF8Encoding Strict { get; } =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
