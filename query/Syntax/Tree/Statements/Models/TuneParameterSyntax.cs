namespace NeuroDb.Query;

/// <summary>What TUNE tries for one option: <c>learning_rate IN (.1, .01)</c>.</summary>
/// <param name="Name">The option.</param>
/// <param name="Values">The values.</param>
internal sealed record TuneParameterSyntax(
    IdentifierSyntax Name, IReadOnlyList<ExpressionSyntax> Values) : SyntaxNode;
