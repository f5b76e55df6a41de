/** The text of Plotly, for pages to embed. */
export { default as plotlyText } from "npm:plotly.js-dist-min@4.1.2/plotly.min.js" with {
  type: "text",
};
