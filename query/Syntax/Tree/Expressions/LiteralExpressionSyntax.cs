namespace NeuroDb.Query;

/// <summary>A constant.</summary>
/// <param name="Kind">What kind of constant.</param>
/// <param name="Text">
/// Text: unescaped. Integer: decimal digits. Decimal and Double: as written. Blob: hex digits.
/// Boolean: true or false. Null: empty.
/// </param>
internal sealed record LiteralExpressionSyntax(LiteralKind Kind, string Text) : ExpressionSyntax;
