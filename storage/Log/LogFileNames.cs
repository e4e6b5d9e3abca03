using System.Globalization;

namespace NeuroDb.Storage;

/// <summary>Tells the files of a log by their names.</summary>
internal static class LogFileNames
{
    /// <summary>The numbers of the files in a directory, in any order.</summary>
    public static IEnumerable<int> Numbers(IFileSystem files, string directory)
    {
        if (!files.DirectoryExists(directory))
        {
            yield break;
        }

        foreach (string path in files.List(directory))
        {
            string name = Path.GetFileName(path);
            if (name.StartsWith(LogFormat.SegmentPrefix, StringComparison.Ordinal)
                && int.TryParse(
                    name.AsSpan(LogFormat.SegmentPrefix.Length),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out int number)
                && number < int.MaxValue)
            {
                yield return number;
            }
        }
    }
}
