namespace NeuroDb.Samples.ApiSearch;

/// <summary>
/// Sixty more questions, for differences that twenty cannot show. Written down with their answers
/// before any search was asked one of them; nothing was chosen by them.
/// </summary>
internal static class MoreQuestions
{
    /// <summary>All of them.</summary>
    public static readonly Question[] All =
    [
        new("append a line to the end of a file",
        [
            "System.IO.File.AppendAllText", "System.IO.File.AppendAllLines",
            "System.IO.File.AppendText", "System.IO.File.AppendAllTextAsync",
            "System.IO.File.AppendAllLinesAsync",
        ]),
        new("copy a file to another location",
            ["System.IO.File.Copy", "System.IO.FileInfo.CopyTo"]),
        new("check whether a file exists", ["System.IO.File.Exists", "System.IO.FileInfo.Exists"]),
        new("get the file extension from a path",
        [
            "System.IO.Path.GetExtension", "System.IO.FileSystemInfo.Extension",
        ]),
        new("join two path segments", ["System.IO.Path.Combine", "System.IO.Path.Join"]),
        new("list all files in a folder",
        [
            "System.IO.Directory.GetFiles", "System.IO.Directory.EnumerateFiles",
            "System.IO.DirectoryInfo.GetFiles", "System.IO.DirectoryInfo.EnumerateFiles",
        ]),
        new("create a unique temporary file",
        [
            "System.IO.Path.GetTempFileName", "System.IO.Path.GetRandomFileName",
        ]),
        new("how much free space is left on a disk",
        [
            "System.IO.DriveInfo.AvailableFreeSpace", "System.IO.DriveInfo.TotalFreeSpace",
        ]),
        new("unzip an archive to a directory",
        [
            "System.IO.Compression.ZipFile.ExtractToDirectory",
            "System.IO.Compression.ZipFileExtensions.ExtractToDirectory",
            "System.IO.Compression.ZipFile.ExtractToDirectoryAsync",
            "System.IO.Compression.ZipFileExtensions.ExtractToDirectoryAsync",
        ]),
        new("keep bytes in memory as a stream", ["System.IO.MemoryStream"]),
        new("encode bytes as base64 text",
        [
            "System.Convert.ToBase64String", "System.Convert.TryToBase64Chars",
            "System.Buffers.Text.Base64.EncodeToUtf8", "System.Convert.ToBase64CharArray",
            "System.Buffers.Text.Base64.EncodeToString",
        ]),
        new("write bytes as hexadecimal digits",
        [
            "System.Convert.ToHexString", "System.Convert.ToHexStringLower",
            "System.BitConverter.ToString",
        ]),
        new("encrypt data with a symmetric key",
        [
            "System.Security.Cryptography.Aes", "System.Security.Cryptography.SymmetricAlgorithm",
            "System.Security.Cryptography.AesGcm",
        ]),
        new("derive a key from a password", ["System.Security.Cryptography.Rfc2898DeriveBytes"]),
        new("verify the signature of a message",
        [
            "System.Security.Cryptography.RSA.VerifyData",
            "System.Security.Cryptography.ECDsa.VerifyData",
            "System.Security.Cryptography.RSA.VerifyHash",
            "System.Security.Cryptography.ECDsa.VerifyHash",
            "System.Security.Cryptography.DSA.VerifyData",
        ]),
        new("remove spaces at both ends of a text", ["System.String.Trim"]),
        new("make all letters uppercase",
        [
            "System.String.ToUpper", "System.String.ToUpperInvariant",
            "System.Globalization.TextInfo.ToUpper", "System.Char.ToUpper",
        ]),
        new("does a text begin with a prefix",
            ["System.String.StartsWith", "System.MemoryExtensions.StartsWith"]),
        new("build a long string piece by piece", ["System.Text.StringBuilder"]),
        new("concatenate strings with a separator", ["System.String.Join"]),
        new("fill a number with leading zeros", ["System.String.PadLeft"]),
        new("find the position of a substring", ["System.String.IndexOf"]),
        new("compare two strings ignoring case",
        [
            "System.String.Compare", "System.String.Equals",
            "System.StringComparer.OrdinalIgnoreCase",
            "System.StringComparer.InvariantCultureIgnoreCase",
            "System.StringComparison.OrdinalIgnoreCase",
        ]),
        new("how many bytes does a text need in UTF-8",
            ["System.Text.Encoding.GetByteCount", "System.Text.UTF8Encoding.GetByteCount"]),
        new("check whether a character is a digit",
            ["System.Char.IsDigit", "System.Char.IsNumber", "System.Char.IsAsciiDigit"]),
        new("largest element of a sequence",
        [
            "System.Linq.Enumerable.Max", "System.Linq.Enumerable.MaxBy",
            "System.Linq.Queryable.Max", "System.Linq.Queryable.MaxBy",
            "System.Linq.ParallelEnumerable.Max",
        ]),
        new("group elements by a key",
        [
            "System.Linq.Enumerable.GroupBy", "System.Linq.Queryable.GroupBy",
            "System.Linq.ParallelEnumerable.GroupBy", "System.Linq.AsyncEnumerable.GroupBy",
            "System.Linq.Enumerable.ToLookup",
        ]),
        new("skip the first elements of a sequence",
        [
            "System.Linq.Enumerable.Skip", "System.Linq.Queryable.Skip",
            "System.Linq.ParallelEnumerable.Skip", "System.Linq.AsyncEnumerable.Skip",
        ]),
        new("add up all numbers of a collection",
        [
            "System.Linq.Enumerable.Sum", "System.Linq.Queryable.Sum",
            "System.Linq.ParallelEnumerable.Sum", "System.Linq.AsyncEnumerable.SumAsync",
        ]),
        new("average of values",
        [
            "System.Linq.Enumerable.Average", "System.Linq.Queryable.Average",
            "System.Linq.ParallelEnumerable.Average",
            "System.Linq.AsyncEnumerable.AverageAsync",
        ]),
        new("combine two sequences element by element",
        [
            "System.Linq.Enumerable.Zip", "System.Linq.Queryable.Zip",
            "System.Linq.ParallelEnumerable.Zip", "System.Linq.AsyncEnumerable.Zip",
        ]),
        new("first in first out collection",
        [
            "System.Collections.Generic.Queue", "System.Collections.Queue",
            "System.Collections.Concurrent.ConcurrentQueue",
        ]),
        new("queue ordered by priority", ["System.Collections.Generic.PriorityQueue"]),
        new("dictionary whose keys are kept in order",
        [
            "System.Collections.Generic.SortedDictionary", "System.Collections.Generic.SortedList",
        ]),
        new("list that raises an event when items are added",
        [
            "System.Collections.ObjectModel.ObservableCollection",
            "System.ComponentModel.BindingList",
        ]),
        new("search a sorted array quickly",
        [
            "System.Array.BinarySearch", "System.MemoryExtensions.BinarySearch",
            "System.Collections.Generic.List`1.BinarySearch",
        ]),
        new("turn the order of an array around",
        [
            "System.Array.Reverse", "System.MemoryExtensions.Reverse",
            "System.Linq.Enumerable.Reverse",
        ]),
        new("run a loop on several cores",
        [
            "System.Threading.Tasks.Parallel.For", "System.Threading.Tasks.Parallel.ForEach",
            "System.Threading.Tasks.Parallel.ForEachAsync",
            "System.Threading.Tasks.Parallel.ForAsync",
        ]),
        new("pause for some seconds without blocking a thread",
            ["System.Threading.Tasks.Task.Delay"]),
        new("let only one thread at a time into a block of code",
        [
            "System.Threading.Monitor.Enter", "System.Threading.Lock", "System.Threading.Mutex",
            "System.Threading.Monitor",
        ]),
        new("limit how many threads use a resource at once",
            ["System.Threading.SemaphoreSlim", "System.Threading.Semaphore"]),
        new("increment a counter atomically", ["System.Threading.Interlocked.Increment"]),
        new("pass items from a producer to a consumer",
        [
            "System.Threading.Channels", "System.Collections.Concurrent.BlockingCollection",
            "System.Threading.Tasks.Dataflow.BufferBlock",
        ]),
        new("a variable that is different in each thread",
            ["System.Threading.ThreadLocal", "System.ThreadStaticAttribute"]),
        new("create an object only when it is first needed",
            ["System.Lazy", "System.Threading.LazyInitializer"]),
        new("number of processors of the machine", ["System.Environment.ProcessorCount"]),
        new("read an environment variable",
        [
            "System.Environment.GetEnvironmentVariable",
            "System.Environment.GetEnvironmentVariables",
        ]),
        new("end the program with an exit code",
            ["System.Environment.Exit", "System.Environment.ExitCode"]),
        new("stop a running process",
            ["System.Diagnostics.Process.Kill", "System.Diagnostics.Process.CloseMainWindow"]),
        new("how much memory the garbage collector uses",
        [
            "System.GC.GetTotalMemory", "System.GC.GetGCMemoryInfo", "System.GCMemoryInfo",
        ]),
        new("add days to a date",
        [
            "System.DateTime.AddDays", "System.DateTimeOffset.AddDays", "System.DateOnly.AddDays",
        ]),
        new("is it a leap year",
        [
            "System.DateTime.IsLeapYear", "System.Globalization.Calendar.IsLeapYear",
            "System.Globalization.GregorianCalendar.IsLeapYear",
        ]),
        new("convert a time to another time zone",
        [
            "System.TimeZoneInfo.ConvertTime", "System.TimeZoneInfo.ConvertTimeFromUtc",
            "System.TimeZoneInfo.ConvertTimeBySystemTimeZoneId",
            "System.TimeZoneInfo.ConvertTimeToUtc",
        ]),
        new("square root of a number",
            ["System.Math.Sqrt", "System.MathF.Sqrt", "System.Double.Sqrt", "System.Single.Sqrt"]),
        new("round a number to two decimals",
            ["System.Math.Round", "System.Decimal.Round", "System.MathF.Round"]),
        new("integer of any size", ["System.Numerics.BigInteger"]),
        new("send an http post request",
        [
            "System.Net.Http.HttpClient.PostAsync", "System.Net.Http.HttpMethod.Post",
            "System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync",
        ]),
        new("look up the ip address of a host name",
        [
            "System.Net.Dns.GetHostAddresses", "System.Net.Dns.GetHostEntry",
            "System.Net.Dns.GetHostAddressesAsync", "System.Net.Dns.GetHostEntryAsync",
            "System.Net.Dns.GetHostByName", "System.Net.Dns.Resolve",
        ]),
        new("wait for incoming tcp connections",
        [
            "System.Net.Sockets.TcpListener", "System.Net.Sockets.Socket.Listen",
            "System.Net.Sockets.Socket.Accept", "System.Net.Sockets.Socket.AcceptAsync",
        ]),
        new("send an email", ["System.Net.Mail.SmtpClient", "System.Net.Mail.MailMessage"]),
    ];
}
