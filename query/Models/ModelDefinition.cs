namespace NeuroDb.Query;

/// <summary>
/// A model as the catalog holds it: the statement that made it, its versions, and which of them are
/// and were live. Immutable; every change puts another object into the catalog, so that plans that
/// use the model are made anew.
/// </summary>
internal sealed record ModelDefinition
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The text of CREATE MODEL.</summary>
    public required string Sql { get; init; }

    /// <summary>When it was made, in microseconds since 1970-01-01 UTC.</summary>
    public required long CreatedMicroseconds { get; init; }

    /// <summary>The number of the live version.</summary>
    public required int Live { get; init; }

    /// <summary>The number that the next version gets.</summary>
    public required int Next { get; init; }

    /// <summary>
    /// The versions that were live before, the latest last; those that were rolled back from are
    /// not among them, so that ROLLBACK never goes forth and back.
    /// </summary>
    public required IReadOnlyList<int> History { get; init; }

    /// <summary>The versions by number.</summary>
    public required IReadOnlyList<ModelVersionInfo> Versions { get; init; }

    /// <summary>Who owns it; a name without rights of its own so far.</summary>
    public string Owner { get; init; } = "main";

    /// <summary>The policies of ALTER MODEL SET (..).</summary>
    public IReadOnlyDictionary<string, string> Policies { get; init; } =
        new Dictionary<string, string>();

    /// <summary>The live version.</summary>
    public ModelVersionInfo LiveVersion => Versions.First(version => version.Number == Live);

    /// <summary>The version of a number, or null.</summary>
    public ModelVersionInfo? Find(ModelVersionChoice choice) =>
        choice.IsLatest ? Versions[^1]
        : choice.IsLive ? LiveVersion
        : Versions.FirstOrDefault(version => version.Number == choice.Number);

    /// <summary>The same with another live version; the one before it goes into history.</summary>
    public ModelDefinition WithLive(int number) => number == Live
        ? this
        : this with
        {
            Live = number,
            History = [.. History.Where(old => old != Live && old != number), Live],
        };

    /// <summary>The object to put into the catalog.</summary>
    public CatalogObject ToObject() =>
        new(CatalogObjectKind.Model, Name, ModelDefinitionJson.Write(this));
}
