namespace NeuroDb.Samples.ApiSearch;

/// <summary>One documented type or member of the .NET libraries.</summary>
/// <param name="Id">The documentation id, as in M:System.IO.File.ReadLines(System.String).</param>
/// <param name="Summary">The summary as plain text.</param>
/// <param name="Result">What it returns or holds, as plain text; empty if that is not told.</param>
/// <param name="Parameters">What is given to it, as plain text; empty for nothing.</param>
internal sealed record ApiMember(string Id, string Summary, string Result, string Parameters)
{
    /// <summary>The words of its name.</summary>
    public string Title => Name.Member.Length == 0 ? Name.Type : $"{Name.Type} {Name.Member}";

    /// <summary>What it is found by.</summary>
    public string Body => $"{Title}. {Summary}";

    /// <summary>The names in the id.</summary>
    public MemberName Name { get; } = MemberName.Parse(Id);
}
