using System.Globalization;

namespace NeuroDb.Samples.ApiSearch;

/// <summary>What the command line asks for.</summary>
internal sealed record Arguments
{
    /// <summary>What to type.</summary>
    public const string Usage = """
        Searches the XML documentation that the .NET SDK carries.

          dotnet run -c Release --project samples/ApiSearch -- [OPTIONS] "QUESTION" ...

          --db PATH    keep the index in this directory
          --rebuild    read the documentation and build the index again
          --limit N    index an even sample of N members
          --aspnet     index ASP.NET Core as well
          --hashed     search with the encoder that is not trained
          --score      ask eighty questions with known answers and count the hits, beside a
                       search by words and both together
          --help       show this text

        Example:

          dotnet run -c Release --project samples/ApiSearch -- "read a text file line by line"
        """;

    /// <summary>The questions to answer.</summary>
    public List<string> Questions { get; } = [];

    /// <summary>The directory of the index; null for the usual one.</summary>
    public string? DatabasePath { get; private set; }

    /// <summary>The most members to index.</summary>
    public int Limit { get; private set; } = int.MaxValue;

    /// <summary>Whether to build the index even if it exists.</summary>
    public bool Rebuild { get; private set; }

    /// <summary>Whether to include ASP.NET Core.</summary>
    public bool AspNet { get; private set; }

    /// <summary>Whether to run the questions with known answers.</summary>
    public bool Score { get; private set; }

    /// <summary>Whether to encode by hashing in place of a trained encoder.</summary>
    public bool Hashed { get; private set; }

    /// <summary>Whether to explain the command.</summary>
    public bool Help { get; private set; }

    /// <summary>Reads the command line; otherwise says what is wrong with it.</summary>
    public static bool TryParse(string[] words, out Arguments arguments, out string error)
    {
        arguments = new Arguments { Help = words.Length == 0 };
        error = "";
        for (int i = 0; i < words.Length && error.Length == 0; i++)
        {
            string word = words[i];
            if (word is "--db" or "--limit")
            {
                i++;
                error = i < words.Length
                    ? arguments.SetValue(word, words[i])
                    : $"{word} needs a value.";
            }
            else if (word.StartsWith("--", StringComparison.Ordinal))
            {
                error = arguments.SetFlag(word);
            }
            else if (!string.IsNullOrWhiteSpace(word))
            {
                arguments.Questions.Add(word.Trim());
            }
        }

        return error.Length == 0;
    }

    private string SetValue(string option, string value)
    {
        if (option == "--db")
        {
            DatabasePath = value;
            return "";
        }

        bool isCount = int.TryParse(
            value, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit > 0;
        Limit = limit;
        return isCount ? "" : $"--limit needs a number from 1, not '{value}'.";
    }

    private string SetFlag(string option)
    {
        switch (option)
        {
            case "--rebuild":
                Rebuild = true;
                return "";
            case "--aspnet":
                AspNet = true;
                return "";
            case "--hashed":
                Hashed = true;
                return "";
            case "--score":
                Score = true;
                return "";
            case "--help":
                Help = true;
                return "";
            default:
                return $"There is no option '{option}'.";
        }
    }
}
