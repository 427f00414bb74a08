namespace Thimble.Cli.Html;

/// <summary>A rectangle in the units of a picture.</summary>
internal readonly record struct Box(double X, double Y, double Width, double Height)
{
    public double Right => X + Width;

    public double Bottom => Y + Height;
}
