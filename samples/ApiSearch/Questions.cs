namespace NeuroDb.Samples.ApiSearch;

/// <summary>
/// Twenty questions of daily work with the answers that a .NET developer would accept. They were
/// written down before the search was first run and are not fitted to it.
/// </summary>
internal static class Questions
{
    /// <summary>All questions.</summary>
    public static readonly Question[] All =
    [
        new("read a text file line by line",
        [
            "System.IO.File.ReadLines", "System.IO.File.ReadLinesAsync",
            "System.IO.StreamReader.ReadLine", "System.IO.StreamReader.ReadLineAsync",
            "System.IO.TextReader.ReadLine", "System.IO.TextReader.ReadLineAsync",
        ]),
        new("compress a stream with gzip", ["System.IO.Compression.GZipStream"]),
        new("parse json into an object", ["System.Text.Json.JsonSerializer.Deserialize"]),
        new("convert a string to an integer without throwing an exception",
        [
            "System.Int32.TryParse", "System.Int64.TryParse", "System.Int16.TryParse",
        ]),
        new("download a web page as a string",
        [
            "System.Net.Http.HttpClient.GetStringAsync", "System.Net.WebClient.DownloadString",
            "System.Net.WebClient.DownloadStringAsync",
            "System.Net.WebClient.DownloadStringTaskAsync",
        ]),
        new("compute the sha256 hash of some bytes",
        [
            "System.Security.Cryptography.SHA256",
            "System.Security.Cryptography.SHA256Managed",
        ]),
        new("wait for several tasks to finish",
        [
            "System.Threading.Tasks.Task.WhenAll", "System.Threading.Tasks.Task.WaitAll",
        ]),
        new("run code periodically on a timer",
        [
            "System.Threading.PeriodicTimer", "System.Threading.Timer", "System.Timers.Timer",
        ]),
        new("thread safe dictionary",
        [
            "System.Collections.Concurrent.ConcurrentDictionary",
        ]),
        new("start another program and read its output",
        [
            "System.Diagnostics.Process.Start", "System.Diagnostics.Process.StandardOutput",
            "System.Diagnostics.Process.BeginOutputReadLine",
            "System.Diagnostics.ProcessStartInfo.RedirectStandardOutput",
        ]),
        new("split a string by a separator",
        [
            "System.String.Split", "System.MemoryExtensions.Split",
        ]),
        new("sort a list in descending order",
        [
            "System.Linq.Enumerable.OrderByDescending", "System.Linq.Enumerable.OrderDescending",
            "System.Linq.Queryable.OrderByDescending", "System.Linq.Queryable.OrderDescending",
            "System.Linq.ParallelEnumerable.OrderByDescending",
            "System.Linq.AsyncEnumerable.OrderByDescending",
            "System.Linq.AsyncEnumerable.OrderDescending",
        ]),
        new("remove duplicate elements from a list",
        [
            "System.Linq.Enumerable.Distinct", "System.Linq.Enumerable.DistinctBy",
            "System.Linq.Queryable.Distinct", "System.Linq.Queryable.DistinctBy",
            "System.Linq.ParallelEnumerable.Distinct", "System.Linq.AsyncEnumerable.Distinct",
            "System.Linq.AsyncEnumerable.DistinctBy", "System.Collections.Generic.HashSet",
        ]),
        new("generate a secure random number",
        [
            "System.Security.Cryptography.RandomNumberGenerator",
            "System.Security.Cryptography.RNGCryptoServiceProvider",
        ]),
        new("watch a folder for file changes", ["System.IO.FileSystemWatcher"]),
        new("measure how long an operation takes", ["System.Diagnostics.Stopwatch"]),
        new("replace text with a regular expression",
        [
            "System.Text.RegularExpressions.Regex.Replace",
        ]),
        new("get the current time in UTC",
        [
            "System.DateTime.UtcNow", "System.DateTimeOffset.UtcNow",
            "System.TimeProvider.GetUtcNow",
        ]),
        new("delete a directory and everything in it",
        [
            "System.IO.Directory.Delete", "System.IO.DirectoryInfo.Delete",
        ]),
        new("cancel an operation after a timeout",
        [
            "System.Threading.CancellationTokenSource.CancelAfter",
            "System.Threading.CancellationTokenSource.#ctor",
            "System.Threading.Tasks.Task.WaitAsync",
        ]),
    ];
}
