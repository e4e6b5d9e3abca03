namespace NeuroDb.Query;

/// <summary>A scalar function of the catalogue.</summary>
/// <param name="Name">The name, in lower case.</param>
/// <param name="ArgumentCountMin">The fewest arguments.</param>
/// <param name="ArgumentCountMax">The most arguments.</param>
/// <param name="Bind">Checks the types and makes the expression.</param>
internal sealed record FunctionDefinition(
    string Name,
    int ArgumentCountMin,
    int ArgumentCountMax,
    Func<FunctionCall, Expression> Bind);
