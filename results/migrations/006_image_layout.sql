-- Where the frames of a sequence are, so that a report can play it; unknown for images recorded earlier.
ALTER TABLE image ADD COLUMN layout TEXT CHECK (layout IS NULL OR json_valid(layout));
