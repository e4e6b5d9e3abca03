using System.Diagnostics;
using System.Xml;

namespace NeuroDb.Samples.ApiSearch;

/// <summary>
/// Indexes the documentation of the .NET libraries in a NeuroStore directory and finds the members
/// nearest to a question in plain words.
/// </summary>
internal static class Program
{
    private static int Main(string[] words)
    {
        if (!Arguments.TryParse(words, out Arguments arguments, out string error))
        {
            Console.Error.WriteLine(error);
            Console.Error.WriteLine("Use --help to see how to ask.");
            return 2;
        }

        if (arguments.Help)
        {
            Console.WriteLine(Arguments.Usage);
            return 0;
        }

        try
        {
            Run(arguments);
            return 0;
        }
        catch (Exception failure)
            when (failure is NeuroStoreException or IOException or XmlException)
        {
            Console.Error.WriteLine(failure.Message);
            return 1;
        }
    }

    private static void Run(Arguments arguments)
    {
        long start = Stopwatch.GetTimestamp();
        string path = arguments.DatabasePath ?? DefaultPath(arguments.Hashed);
        using ApiIndex index = ApiIndex.Open(path, arguments.Hashed);
        Report.Step("open", path, start);

        var documentation = SdkDocumentation.Find(arguments.AspNet);
        string source = arguments.Limit == int.MaxValue
            ? documentation.Source
            : $"{documentation.Source}, sample of {arguments.Limit}";
        start = Stopwatch.GetTimestamp();
        if (!arguments.Rebuild && index.TryLoad(source))
        {
            Report.Step("load", $"{index.Count:N0} members of {source}", start);
        }
        else
        {
            Build(index, documentation, source, arguments.Limit);
        }

        foreach (string question in arguments.Questions)
        {
            start = Stopwatch.GetTimestamp();
            Report.Answer(question, index.Search(question), start);
        }

        if (arguments.Score)
        {
            Scoreboard.Run(index, arguments.Hashed ? "hashed" : "trained");
        }
    }

    private static void Build(
        ApiIndex index, SdkDocumentation documentation, string source, int limit)
    {
        long start = Stopwatch.GetTimestamp();
        List<ApiMember> members = Sample(documentation.Read(), limit);
        Report.Step("read", $"{members.Count:N0} members of {source}", start);

        start = Stopwatch.GetTimestamp();
        index.Build(source, members);
        Report.Step("index", $"{members.Count:N0} members encoded and stored", start);
    }

    // Every n-th member, so that a small sample still has something of every library.
    private static List<ApiMember> Sample(List<ApiMember> members, int limit) =>
        members.Count <= limit
            ? members
            : [.. Enumerable.Range(0, limit)
                .Select(i => members[(int)((long)i * members.Count / limit)])];

    private static string DefaultPath(bool isHashed)
    {
        string folder = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData,
            Environment.SpecialFolderOption.DoNotVerify);
        folder = folder.Length == 0 ? Path.GetTempPath() : folder;
        return Path.Combine(folder, "NeuroStore", isHashed ? "api-search-hashed" : "api-search");
    }
}
