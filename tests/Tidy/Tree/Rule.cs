namespace NeuroDb.Tests.Tidy;

/// <summary>
/// How a rule reports: all violations at once, each with its place, and what to do.
/// </summary>
internal static class Rule
{
    /// <summary>Fails with the list of violations if there is one.</summary>
    public static void Holds(string rule, IEnumerable<string> violations)
    {
        string[] found = [.. violations.Distinct().Order(StringComparer.Ordinal)];
        if (found.Length > 0)
        {
            string list = string.Join("\n  ", found);
            Assert.Fail($"{rule} {found.Length} place(s) break this:\n  {list}");
        }
    }
}
