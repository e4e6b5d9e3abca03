namespace NeuroDb.Samples.ApiSearch;

/// <summary>One member that was found.</summary>
/// <param name="Id">The documentation id.</param>
/// <param name="Name">The readable name.</param>
/// <param name="Summary">The summary.</param>
/// <param name="Score">The similarity to the question, at most 1.</param>
internal sealed record SearchHit(string Id, string Name, string Summary, double Score);
